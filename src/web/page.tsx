// The page as a whole: which view is on, what it shows, and what lies over it. Parts talk to each other only through here.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { AddDialog } from './adding/add-dialog.tsx';
import { useWork, WorkContext } from './adding/use-work.ts';
import { WorkInHand } from './adding/work-in-hand.tsx';
import { questionOf, searchView, similarView, tagView, textView, type View } from './address.ts';
import { AwayBanner } from './components/away-banner.tsx';
import { Footer } from './components/footer.tsx';
import { Header } from './components/header.tsx';
import { OtherView } from './components/other-view.tsx';
import { Results } from './components/results.tsx';
import { SearchBar } from './components/search-bar.tsx';
import { StatusLine } from './components/status-line.tsx';
import { Steered } from './components/steered.tsx';
import { Suggestions } from './components/suggestions.tsx';
import { nameOf } from './components/term-chip.tsx';
import { Viewer } from './components/viewer.tsx';
import type { Library, Picture } from './documents.ts';
import { isAway, type ServiceError } from './graphql-client.ts';
import { OTHER_VIEWS } from './other-views.ts';
import { PaletteHost } from './palette/palette-host.tsx';
import { imageTerm, MOST_TERMS, NO_QUESTION, onlyPicture, uploadTerm, withPicture } from './question.ts';
import { useIncomingFiles } from './use-incoming-files.ts';
import { useLibrary } from './use-library.ts';
import { usePictures } from './use-pictures.ts';
import { type FindSubject, useSubjects } from './use-subjects.ts';
import { usePlace } from './view.ts';
import type { ViewActions } from './view-actions.ts';

const OTHER = ['map', 'library'] as const;
const RETRY_MS = 1_500;

export function Page() {
  const { view, openId, navigate, open, close, keep } = usePlace();
  const pictures = usePictures(view);
  const isClosed = pictures.error !== undefined && !isAway(pictures.error);
  const { library, rate, away, refresh } = useLibrary(!isClosed);
  const [isAdding, setAdding] = useState(false);
  /** Opened by another view, where no answer of this page holds it. */
  const [given, setGiven] = useState<Picture>();

  const { answer, error, reload } = pictures;
  const question = questionOf(view);
  const { isSure } = question;
  const findSubject = useSubjects(question.terms);
  const isNewest = view.kind === 'newest';
  const onChange = useCallback(() => {
    refresh();
    if (isNewest) reload();
  }, [refresh, reload, isNewest]);
  const work = useWork(onChange);

  const leaveTo = (next: View) => {
    navigate(next);
    scrollTo({ top: 0 });
  };
  const searchByFile = (file: File) => leaveTo(searchView(withPicture(question, uploadTerm(keep(file)))));
  const latest = useRef(searchByFile);
  latest.current = searchByFile;
  const hovering = useIncomingFiles(
    useCallback(
      (given) => {
        const [file] = given.files;
        const isQuestion = given.files.length === 1 && given.unreadable.length === 0 && !given.hasFolder;
        if (isQuestion && file !== undefined) latest.current(file);
        else work.addFiles(given);
      },
      [work.addFiles],
    ),
  );

  useGrowth(
    library,
    isNewest && answer !== undefined && answer.pages === 1 && answer.next === null ? answer.found.length : undefined,
    reload,
  );
  useRetry(error, reload);
  const picture = onlyPicture(question.terms);
  useTitle(view, findSubject);

  const actions: ViewActions = {
    onSearchText: (text) => leaveTo(textView(text, isSure)),
    onSimilar: (id) => leaveTo(similarView(id, isSure)),
    onOpen: (picture) => {
      setGiven(picture);
      open(picture.id);
    },
    onSearchPictures: (ids) => {
      const terms = ids.slice(0, MOST_TERMS).map((id) => imageTerm(id));
      leaveTo(searchView({ ...NO_QUESTION, terms, isSure }));
    },
    tab: view.kind === 'library' ? view.tab : undefined,
    onTab: (tab) => navigate({ kind: 'library', tab }, 'replace'),
  };
  const onTag = actions.onSearchText;
  const onSure = (isSure: boolean) => view.kind === 'search' && navigate({ ...view, isSure }, 'replace');
  const askAway = away ?? (error !== undefined && isAway(error) ? error : undefined);
  const status = <StatusLine library={library} rate={rate} />;
  const loadView = view.kind === 'map' || view.kind === 'library' ? OTHER_VIEWS[view.kind] : undefined;
  // There all work is listed.
  const showsWork = view.kind === 'library' && (view.tab ?? 'add') === 'add';
  const shown = answer?.found ?? [];
  const opened = shown.find(({ picture }) => picture.id === openId);

  return (
    <>
      <a class="skip" href="#results">
        Skip to the pictures
      </a>
      <Header
        view={view}
        search={<SearchBar view={view} findSubject={findSubject} navigate={navigate} onFile={searchByFile} />}
        palette={
          <PaletteHost
            views={OTHER}
            isSure={view.kind === 'search' ? isSure : undefined}
            onSearchText={actions.onSearchText}
            onGo={(kind) => leaveTo({ kind })}
            onAdd={() => setAdding(true)}
            onSure={onSure}
          />
        }
        onGo={leaveTo}
        onAdd={() => setAdding(true)}
      />
      <main id="results" tabIndex={-1}>
        {askAway !== undefined && (
          <AwayBanner
            error={askAway}
            onRetry={() => {
              refresh();
              reload();
            }}
          />
        )}
        {!showsWork && <WorkInHand work={work} />}
        {loadView !== undefined ? (
          <WorkContext.Provider value={work}>
            <OtherView key={view.kind} load={loadView} {...actions} />
          </WorkContext.Provider>
        ) : (
          <>
            {isNewest && <Suggestions tags={library?.commonTags ?? []} onTag={onTag} />}
            <Results
              view={view}
              pictures={pictures}
              findSubject={findSubject}
              aside={isNewest && status}
              steering={
                view.kind === 'search' &&
                picture !== undefined && (
                  <Steered
                    view={view}
                    picture={picture}
                    findSubject={findSubject}
                    navigate={navigate}
                    focusMap={answer?.focusMap ?? []}
                  />
                )
              }
              onSure={onSure}
              onOpen={({ picture }) => open(picture.id)}
              onSimilar={({ id }) => actions.onSimilar(id)}
              onTag={onTag}
              onAdd={() => setAdding(true)}
            />
          </>
        )}
      </main>
      <Footer library={library}>{!isNewest && status}</Footer>
      {openId !== undefined && (
        <Viewer
          id={openId}
          known={opened?.picture ?? (given?.id === openId ? given : undefined)}
          match={opened?.match ?? null}
          list={shown.map(({ picture }) => picture.id)}
          onOpen={open}
          onSearch={(term, steering) => leaveTo(searchView({ ...NO_QUESTION, terms: [term], steering, isSure }))}
          onAddToSearch={
            question.terms.length > 0 && question.terms.length < MOST_TERMS
              ? (term) => leaveTo(searchView({ ...question, terms: [...question.terms, term] }))
              : undefined
          }
          onTag={onTag}
          onOwnTag={(tag) => leaveTo(tagView(tag))}
          onClose={close}
        />
      )}
      {isAdding && <AddDialog work={work} onClose={() => setAdding(false)} />}
      {hovering > 0 && (
        <div class="drop-veil">
          {hovering === 1 ? 'Drop to find similar pictures' : `Drop to add ${hovering} pictures`}
        </div>
      )}
    </>
  );
}

/** The window's title: what is asked. */
function useTitle(view: View, findSubject: FindSubject): void {
  const names = questionOf(view)
    .terms.filter(({ isOut }) => !isOut)
    .map((term) => nameOf(term, term.kind === 'text' ? undefined : findSubject(term)));
  const about =
    view.kind === 'map' ? 'Map' : view.kind === 'library' ? 'Library' : [...names, ...questionOf(view).tags].join(', ');
  useEffect(() => {
    document.title = about === '' ? 'Semblance' : `${about} – Semblance`;
  }, [about]);
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

/** A question that a service was away for is asked again until it answers. */
function useRetry(error: ServiceError | undefined, reload: () => void): void {
  useEffect(() => {
    if (error === undefined || !isAway(error)) return;
    const timer = setTimeout(reload, RETRY_MS);
    return () => clearTimeout(timer);
  }, [error, reload]);
}
