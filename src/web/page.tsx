// The page as a whole: which view is on, what it shows, and what lies over it. Parts talk to each other only through here.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { AddDialog } from './components/add-dialog.tsx';
import { AdditionsPanel } from './components/additions-panel.tsx';
import { Footer } from './components/footer.tsx';
import { Header } from './components/header.tsx';
import { Results } from './components/results.tsx';
import { StatusLine } from './components/status-line.tsx';
import { SteeringPanel } from './components/steering-panel.tsx';
import { Suggestions } from './components/suggestions.tsx';
import { Viewer } from './components/viewer.tsx';
import type { FoundPicture } from './fetch-page.ts';
import type { Library, Picture } from './queries.ts';
import { useAdditions } from './use-additions.ts';
import { useIncomingFiles } from './use-incoming-files.ts';
import { useLibrary } from './use-library.ts';
import { usePictures } from './use-pictures.ts';
import { isSameSubject, isSureView, similarView, textView, useView, type View } from './view.ts';

export function Page() {
  const [view, navigate] = useView();
  const pictures = usePictures(view);
  const { library, rate, refresh } = useLibrary(pictures.error === undefined);
  const [opened, setOpened] = useState<FoundPicture>();
  const [isAdding, setAdding] = useState(false);

  const { answer, reload } = pictures;
  const isNewest = view.kind === 'newest';
  const isSure = isSureView(view);
  const onChange = useCallback(() => {
    refresh();
    if (isNewest) reload();
  }, [refresh, reload, isNewest]);
  const controls = useAdditions(onChange);
  const hovering = useIncomingFiles(
    useCallback(
      (files) => {
        const [file] = files;
        if (files.length > 1) controls.addFiles(files);
        else if (file !== undefined) navigate(similarView(file, isSure));
      },
      [controls.addFiles, navigate, isSure],
    ),
  );

  useGrowth(
    library,
    isNewest && answer !== undefined && answer.pages === 1 && answer.next === null ? answer.found.length : undefined,
    reload,
  );

  // An answer to the same picture, steered otherwise, still tells what the picture is.
  const asked = answer !== undefined && isSameSubject(answer.view, view) ? answer.asked : null;
  const subject = asked?.subject ?? null;
  useEffect(() => {
    const about = view.kind === 'text' ? view.query : view.kind === 'upload' ? view.file.name : subject?.name;
    document.title = about === undefined ? 'Semblance' : `${about} – Semblance`;
  }, [view, subject]);

  const leaveTo = (next: View) => {
    setOpened(undefined);
    navigate(next);
    scrollTo({ top: 0 });
  };
  const onSimilar = ({ id }: Picture) => leaveTo(similarView({ id }, isSure));
  const onTag = (query: string) => leaveTo(textView(query, isSure));

  const status = <StatusLine library={library} rate={rate} />;
  return (
    <>
      <a class="skip" href="#results">
        Skip to the pictures
      </a>
      <Header
        view={view}
        subject={subject}
        navigate={navigate}
        onHome={() => leaveTo({ kind: 'newest' })}
        onAdd={() => setAdding(true)}
      />
      <main id="results" tabIndex={-1}>
        {controls.additions !== undefined && (
          <AdditionsPanel additions={controls.additions} onDismiss={controls.dismiss} />
        )}
        {isNewest && <Suggestions tags={library?.commonTags ?? []} onTag={onTag} />}
        <Results
          view={view}
          pictures={pictures}
          aside={isNewest && status}
          steering={
            asked !== null &&
            (view.kind === 'image' || view.kind === 'upload') && (
              <SteeringPanel
                key={view.kind === 'image' ? view.id : view.file.name}
                asked={asked}
                file={view.kind === 'upload' ? view.file : undefined}
                steering={view.steering}
                onSteer={(steering) => navigate({ ...view, steering }, 'replace')}
              />
            )
          }
          onSure={(isSure) => view.kind !== 'newest' && navigate({ ...view, isSure }, 'replace')}
          onOpen={setOpened}
          onSimilar={onSimilar}
          onTag={onTag}
          onAdd={() => setAdding(true)}
        />
      </main>
      <Footer library={library}>{!isNewest && status}</Footer>
      {opened !== undefined && (
        <Viewer found={opened} onSimilar={onSimilar} onTag={onTag} onClose={() => setOpened(undefined)} />
      )}
      {isAdding && <AddDialog controls={controls} onClose={() => setAdding(false)} />}
      {hovering > 0 && (
        <div class="drop-veil">
          {hovering === 1 ? 'Drop to find similar pictures' : `Drop to add ${hovering} pictures`}
        </div>
      )}
    </>
  );
}

/** While the first pictures come in, the page fills by itself; once a page is full it stays calm. */
function useGrowth(library: Library | undefined, shown: number | undefined, reload: () => void): void {
  const imageCount = library?.imageCount ?? 0;
  const [seen, setSeen] = useState(imageCount);
  useEffect(() => {
    if (imageCount === seen) return;
    setSeen(imageCount);
    if (shown !== undefined && imageCount > shown) reload();
  }, [imageCount, seen, shown, reload]);
}
