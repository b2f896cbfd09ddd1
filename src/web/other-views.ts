// Where the code of the map and the library lies; it comes when one of them is first shown.
import type { ComponentType } from 'preact';
import type { ViewActions } from './view-actions.ts';

export type LoadView = () => Promise<ComponentType<ViewActions>>;

export const OTHER_VIEWS: Readonly<Record<'map' | 'library', LoadView>> = {
  map: async () => (await import('./map/map-view.tsx')).MapView,
  library: async () => (await import('./library/library-view.tsx')).LibraryView,
};
