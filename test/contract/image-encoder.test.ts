import { openEncoder, openFixture } from '../support/encoders.ts';
import { describeImageEncoder } from './image-encoder-contract.ts';

describeImageEncoder('raw pixels', () => openEncoder('pixels'));
describeImageEncoder("the starter's image tower", () => openEncoder('starter:image'));
const NETWORKS = ['vgg16-fc2', 'vgg16-caffe-maps', 'mobilenet', 'vit', 'logits-only'];
const BATCHES = ['one-at-a-time', 'three-at-a-time', 'falsely-any'];
for (const name of [...NETWORKS, ...BATCHES]) describeImageEncoder(`the network ${name}`, () => openFixture(name));
