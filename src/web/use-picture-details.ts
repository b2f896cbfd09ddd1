// Everything that is told of one picture, and its tags as they are edited.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { SET_TAGS, VIEW_PICTURE, type ViewPicture } from './documents.ts';
import { ServiceError, toServiceError } from './graphql-client.ts';
import { useService } from './service.ts';

export type PictureDetails = NonNullable<ViewPicture['image']>;

export interface DetailsState {
  /** Undefined until the service has answered. */
  readonly details: PictureDetails | undefined;
  readonly error: ServiceError | undefined;
  reload(): void;
  /** Replaces the user's own tags. Rejects with ServiceError. */
  setTags(tags: readonly string[]): Promise<void>;
}

export function usePictureDetails(id: string): DetailsState {
  const send = useService();
  const [details, setDetails] = useState<PictureDetails>();
  const [error, setError] = useState<ServiceError>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    setError(undefined);
    send(VIEW_PICTURE, { id }, controller.signal)
      .then(({ image }) => {
        if (image === null) {
          setError(new ServiceError('IMAGE_NOT_FOUND', `No picture has the id "${id}"; it may have been removed.`));
        } else setDetails(image);
      })
      .catch((thrown: unknown) => {
        if (!controller.signal.aborted) setError(toServiceError(thrown));
      });
    return () => controller.abort();
  }, [send, id, round]);

  return {
    // Those of the picture before are of no use.
    details: details?.id === id ? details : undefined,
    error,
    reload: useCallback(() => setRound((round) => round + 1), []),
    setTags: useCallback(
      async (tags) => {
        const { allTags } = (await send(SET_TAGS, { id, tags })).setTags;
        setDetails((details) => (details?.id === id ? { ...details, allTags } : details));
      },
      [send, id],
    ),
  };
}
