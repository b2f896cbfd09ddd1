// Draws the points on a plain canvas, for browsers without WebGL: slower, but the same picture.
import { toWindow } from './camera.ts';
import type { PointLayer, Points } from './point-layer.ts';

const STANDS_BACK = 0.16;
const OPACITY = 0.85;

export function makeCanvasLayer(canvas: HTMLCanvasElement): PointLayer {
  const context = canvas.getContext('2d');
  let points: Points | undefined;
  return {
    kind: 'canvas',
    set(next) {
      points = next;
    },
    draw(camera, size, { ratio, diameter, hasChosen }) {
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      if (context === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      if (points === undefined) return;
      const { places, tints, chosen } = points;
      for (let i = 0; i < places.length / 2; i++) {
        const { x, y } = toWindow(camera, size, { x: places[2 * i] as number, y: places[2 * i + 1] as number });
        if (x < -diameter || y < -diameter || x > size.width + diameter || y > size.height + diameter) continue;
        context.globalAlpha = OPACITY * (hasChosen && chosen[i] === 0 ? STANDS_BACK : 1);
        context.fillStyle = `rgb(${tints[3 * i]} ${tints[3 * i + 1]} ${tints[3 * i + 2]})`;
        context.beginPath();
        context.arc(x, y, diameter / 2, 0, 2 * Math.PI);
        context.fill();
      }
    },
    close() {},
  };
}
