// The map that the service has: asked for, drawn on the first visit, followed while it is drawn.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import { COMPUTE_MAP, MAP_JOB, MAP_POINTS, MAP_STATUS, type MapState } from './documents.ts';
import { type DrawnMap, unpackMap } from './packed-map.ts';

const ASK_EVERY_MS = 400;

export interface MapReading {
  /** The newest that could be read; an older one stays while a new one is drawn. */
  readonly map: DrawnMap | undefined;
  readonly isStale: boolean;
  /** Of the drawing under way, 0..1. */
  readonly share: number | undefined;
  /** The library has no picture to draw. */
  readonly isEmpty: boolean;
  readonly error: ServiceError | undefined;
  redraw(): void;
  retry(): void;
}

export function useMap(): MapReading {
  const send = useService();
  const [map, setMap] = useState<DrawnMap>();
  const [state, setState] = useState<MapState>();
  const [imageCount, setImageCount] = useState<number>();
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<ServiceError>();
  const [round, setRound] = useState({ count: 0, isForced: false });

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const load = async () => {
      const first = await send(MAP_STATUS, {}, signal);
      setImageCount(first.library.imageCount);
      const isDrawn = first.map.state === 'READY' || first.map.state === 'STALE';
      const mustDraw = round.isForced || (first.map.state === 'NONE' && first.library.imageCount > 0);
      if (first.map.drawnAt !== null && !isDrawn && first.map.state !== 'NONE') await show(signal);
      const job = first.map.state === 'COMPUTING' ? first.map.jobId : undefined;
      if (job != null || mustDraw) {
        setShare(0);
        await follow(job ?? (await send(COMPUTE_MAP, {}, signal)).computeMap.id, signal);
        setShare(undefined);
        setState((await send(MAP_STATUS, {}, signal)).map.state);
      } else {
        setState(first.map.state);
      }
      await show(signal);
    };
    const show = async (until: AbortSignal) => setMap(unpackMap((await send(MAP_POINTS, {}, until)).map));
    const follow = async (id: string, until: AbortSignal) => {
      for (;;) {
        const { job } = await send(MAP_JOB, { id }, until);
        if (job === null) throw new ServiceError('JOB_NOT_FOUND', 'The service was started anew; draw the map again.');
        if (job.error !== null) throw new ServiceError(job.error.code, job.error.message);
        if (job.state !== 'RUNNING') return;
        setShare(job.found === 0 ? 0 : job.done / job.found);
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
        until.throwIfAborted();
      }
    };
    setError(undefined);
    load().catch((thrown: unknown) => {
      if (signal.aborted) return;
      setShare(undefined);
      setError(toServiceError(thrown));
    });
    return () => stop.abort();
  }, [send, round]);

  return {
    map,
    isStale: state === 'STALE',
    share,
    isEmpty: imageCount === 0,
    error,
    redraw: useCallback(() => setRound(({ count }) => ({ count: count + 1, isForced: true })), []),
    retry: useCallback(() => setRound(({ count }) => ({ count: count + 1, isForced: false })), []),
  };
}
