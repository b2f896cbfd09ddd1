// Where pictures come in, and all the work of the service.
import { useContext, useEffect } from 'preact/hooks';
import { WorkContext, type WorkState } from '../adding/use-work.ts';
import { WaysIn } from '../adding/ways-in.tsx';
import { Connection, JobPanel, UploadPanel } from '../adding/work-panel.tsx';
import { Failure } from '../components/failure.tsx';

export function AddTab() {
  const work = useContext(WorkContext);
  return work === undefined ? null : <Adding work={work} />;
}

function Adding({ work }: { work: WorkState }) {
  const { upload, jobs, isConnected, error, load } = work;
  useEffect(() => void load(), [load]);
  return (
    <section aria-label="Add pictures" class="library-add">
      <WaysIn onFiles={work.addFiles} onFolder={(path) => void work.addFolder(path)} />
      <section class="library-work" aria-label="Work">
        {error !== undefined && <Failure error={error} onRetry={load} />}
        {upload !== undefined && <UploadPanel state={upload} onStop={work.stopFiles} onDismiss={work.dismissFiles} />}
        <Connection jobs={jobs ?? []} isConnected={isConnected} />
        {jobs?.map((job) => (
          <JobPanel key={job.id} job={job} />
        ))}
        {jobs?.length === 0 && upload === undefined && (
          <p class="note">Nothing was taken in since the service started.</p>
        )}
      </section>
    </section>
  );
}
