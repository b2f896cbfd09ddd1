// The views that weigh nothing until they are asked for: the map and the library. Their code comes with the first visit.
import { type ComponentType, createElement } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import type { LoadView } from '../other-views.ts';
import type { ViewActions } from '../view-actions.ts';
import { Failure } from './failure.tsx';

interface Props extends ViewActions {
  readonly load: LoadView;
}

export function OtherView({ load, ...actions }: Props) {
  const [shown, setShown] = useState<{ readonly View: ComponentType<ViewActions> }>();
  const [error, setError] = useState<ServiceError>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    let isWanted = true;
    setError(undefined);
    load()
      .then((View) => isWanted && setShown({ View }))
      .catch((thrown: unknown) => isWanted && setError(toServiceError(thrown)));
    return () => {
      isWanted = false;
    };
  }, [load, round]);

  if (error !== undefined) return <Failure error={error} onRetry={() => setRound(round + 1)} />;
  return shown === undefined ? <p class="notice">One moment…</p> : createElement(shown.View, actions);
}
