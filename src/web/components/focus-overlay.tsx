// Where a focus looked in the query picture, as a soft light over it. Decoration: the sliders beside it say it in words.
import { useEffect, useRef } from 'preact/hooks';
import type { FocusMap } from '../documents.ts';
import { focusDensity } from '../focus-density.ts';

/** Finer than any window; the browser smooths the rest. */
const CELLS = 24;
const STRONGEST = 0.72;

export function FocusOverlay({ map }: { map: readonly FocusMap[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (canvas.current === null || !pen) return;
    pen.clearRect(0, 0, CELLS, CELLS);
    pen.fillStyle = getComputedStyle(canvas.current).color;
    for (const [i, value] of focusDensity(map, CELLS).entries()) {
      pen.globalAlpha = value * STRONGEST;
      pen.fillRect(i % CELLS, Math.floor(i / CELLS), 1, 1);
    }
  }, [map]);

  return <canvas ref={canvas} class="focus-overlay" width={CELLS} height={CELLS} />;
}
