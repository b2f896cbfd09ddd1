// The connection to the service, and the question for a key that lies over everything until it is answered.
import { useState } from 'preact/hooks';
import { KeyDialog } from './components/key-dialog.tsx';
import { createClient, ServiceError } from './graphql-client.ts';
import { Page } from './page.tsx';
import { ServiceContext } from './service.ts';

interface KeyQuestion {
  readonly message: string;
  settle(error?: ServiceError): void;
}

export function App() {
  const [question, setQuestion] = useState<KeyQuestion>();
  const [send] = useState(() =>
    createClient(
      (message) =>
        new Promise((resolve, reject) => {
          setQuestion({
            message,
            settle(error) {
              setQuestion(undefined);
              if (error === undefined) resolve();
              else reject(error);
            },
          });
        }),
    ),
  );
  return (
    <ServiceContext.Provider value={send}>
      <Page />
      {question !== undefined && (
        <KeyDialog
          message={question.message}
          onOpened={() => question.settle()}
          onClose={() => question.settle(new ServiceError('KEY_MISSING', 'Without a key this library stays closed.'))}
        />
      )}
    </ServiceContext.Provider>
  );
}
