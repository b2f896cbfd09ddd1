import { describe, expect, it } from 'vitest';
import { parsePixelSpec } from '../../../src/embedding/pixel-spec.ts';

describe('preprocessor_config.json', () => {
  it('of CLIP ViT-B/32: old extractor, numbers for size and crop', () => {
    const config = {
      crop_size: 224,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
      resample: 3,
      size: 224,
    };
    expect(parsePixelSpec(config, 'clip')).toEqual({
      resize: { shortestEdge: 224 },
      kernel: 'cubic',
      width: 224,
      height: 224,
      mean: [0.48145466, 0.4578275, 0.40821073],
      deviation: [0.26862954, 0.26130258, 0.27577711],
      rescale: 1 / 255,
    });
  });

  it('of SigLIP: both sides forced, no crop', () => {
    const config = {
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 3,
      rescale_factor: 0.00392156862745098,
      size: { height: 256, width: 320 },
    };
    expect(parsePixelSpec(config, 'siglip')).toMatchObject({
      resize: { width: 320, height: 256 },
      width: 320,
      height: 256,
      mean: [0.5, 0.5, 0.5],
      rescale: 0.00392156862745098,
    });
  });

  it('of the DINO kind: scaled larger than it is cropped', () => {
    const config = {
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: { shortest_edge: 256 },
    };
    expect(parsePixelSpec(config, 'clip')).toMatchObject({ resize: { shortestEdge: 256 }, width: 224, height: 224 });
  });

  it('without a crop is as large as it is scaled', () => {
    const config = { size: { shortest_edge: 96 }, crop_size: 64, do_center_crop: false };
    expect(parsePixelSpec(config, 'clip')).toMatchObject({ resize: { shortestEdge: 96 }, width: 96, height: 96 });
  });

  it('of a ViT: a bare number is both sides; of CLIP it is the shorter one', () => {
    expect(parsePixelSpec({ size: 224 }, 'network')).toMatchObject({ resize: { width: 224, height: 224 }, width: 224 });
    expect(parsePixelSpec({ size: 224 }, 'clip').resize).toEqual({ shortestEdge: 224 });
    const cropped = { size: 256, crop_size: 224 };
    expect(parsePixelSpec(cropped, 'network')).toMatchObject({ resize: { shortestEdge: 256 }, width: 224 });
  });

  it('of ConvNeXT: the crop is a share of the resized picture, and large pictures are squeezed', () => {
    const type = { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 224 } };
    const cropped = { resize: { shortestEdge: 256 }, width: 224, height: 224 };
    expect(parsePixelSpec({ ...type, crop_pct: 0.875 }, 'network')).toMatchObject(cropped);
    expect(parsePixelSpec(type, 'network')).toMatchObject(cropped);
    const large = { ...type, size: { shortest_edge: 384 } };
    expect(parsePixelSpec(large, 'network')).toMatchObject({ resize: { width: 384, height: 384 }, width: 384 });
  });

  it.each([
    [0, 'nearest'],
    [1, 'lanczos3'],
    [2, 'linear'],
    [3, 'cubic'],
    [undefined, 'linear'],
  ])('reads resample %s as %s', (resample, kernel) => {
    expect(parsePixelSpec({ size: 64, resample }, 'clip').kernel).toBe(kernel);
  });

  it('fills in the mean and deviation that the family was trained with', () => {
    expect(parsePixelSpec({ size: 64 }, 'clip').mean[0]).toBeCloseTo(0.4815, 4);
    expect(parsePixelSpec({ size: 64 }, 'siglip').deviation).toEqual([0.5, 0.5, 0.5]);
  });

  it('leaves out the steps that are switched off', () => {
    const config = { size: 64, do_normalize: false, do_rescale: false, image_mean: [1, 2, 3] };
    expect(parsePixelSpec(config, 'clip')).toMatchObject({ mean: [0, 0, 0], deviation: [1, 1, 1], rescale: 1 });
  });

  it.each([
    ['no size', {}, /size/],
    ['a longest edge alone', { size: { longest_edge: 224 } }, /size\.width/],
    ['a size of 0', { size: 0 }, /size/],
    ['a box filter', { size: 64, resample: 4 }, /resample/],
    ['two means', { size: 64, image_mean: [0.5, 0.5] }, /image_mean/],
    ['a deviation of 0', { size: 64, image_std: [0, 1, 1] }, /image_std/],
    ['a list', [], /the file/],
  ])('refuses %s by name', (_, config, message) => {
    expect(() => parsePixelSpec(config, 'clip')).toThrow(expect.objectContaining({ code: 'MODEL_UNAVAILABLE' }));
    expect(() => parsePixelSpec(config, 'clip')).toThrow(message);
  });
});
