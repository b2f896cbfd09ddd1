// What a view of its own (the map, the library) may ask of the page. The contract between them: a view is one component
// that takes these props and knows nothing else of the page: `MapView` of map/map-view.tsx, `LibraryView` of
// library/library-view.tsx. Both are fetched when they are first shown; their styles come with them (import './map.css').
import type { Picture } from './documents.ts';

export interface ViewActions {
  /** Leaves the view and searches for these words. */
  onSearchText(text: string): void;
  /** Leaves the view and searches for pictures like this one. */
  onSimilar(pictureId: string): void;
  /** Opens the picture large, over the view. */
  onOpen(picture: Picture): void;
  /** Leaves the view and searches for pictures like these together, at most 16 of them (the first count). */
  onSearchPictures(ids: readonly string[]): void;
  /** Which part of the view the address names, where the view has parts. */
  readonly tab: string | undefined;
  onTab(tab: string): void;
}
