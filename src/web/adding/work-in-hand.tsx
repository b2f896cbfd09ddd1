// What was begun in this window, above whatever view is on, until it is put away.
import { Failure } from '../components/failure.tsx';
import type { WorkState } from './use-work.ts';
import { Connection, JobPanel, UploadPanel } from './work-panel.tsx';

export function WorkInHand({ work }: { work: WorkState }) {
  const { upload, begun, error, isConnected } = work;
  if (upload === undefined && begun.length === 0 && error === undefined) return null;
  return (
    <section class="work-in-hand" aria-label="Pictures being added">
      {error !== undefined && <Failure error={error} />}
      <Connection jobs={begun} isConnected={isConnected} />
      {upload !== undefined && <UploadPanel state={upload} onStop={work.stopFiles} onDismiss={work.dismissFiles} />}
      {begun.map((job) => (
        <JobPanel key={job.id} job={job} onDismiss={() => work.dismissJob(job.id)} />
      ))}
    </section>
  );
}
