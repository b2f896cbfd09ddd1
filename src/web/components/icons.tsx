// The page's line drawings. All are decoration: the control beside them carries the name.
import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m6.5 6.5 11 11m0-11-11 11" />
  </Icon>
);

export const PictureIcon = () => (
  <Icon>
    <rect x="3.5" y="5" width="17" height="14" rx="2.5" />
    <circle cx="8.5" cy="10" r="1.5" />
    <path d="m4 17 5-4.5 3.5 3 3-2.5 4.5 4" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

/** Two overlapping shapes: one picture and another like it. */
export const SimilarIcon = () => (
  <Icon>
    <circle cx="9.5" cy="12" r="5.5" />
    <circle cx="14.5" cy="12" r="5.5" />
  </Icon>
);

export const OpenIcon = () => (
  <Icon>
    <path d="M10 5H6.5A1.5 1.5 0 0 0 5 6.5v11A1.5 1.5 0 0 0 6.5 19h11a1.5 1.5 0 0 0 1.5-1.5V14M14 5h5v5m0-5-8 8" />
  </Icon>
);

export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <circle class="logo-one" cx="12" cy="16" r="9" />
    <circle class="logo-two" cx="20" cy="16" r="9" />
  </svg>
);

export const MapIcon = () => (
  <Icon>
    <circle cx="6.5" cy="8" r="1.6" />
    <circle cx="11" cy="5.5" r="1.6" />
    <circle cx="10" cy="11" r="1.6" />
    <circle cx="17.5" cy="13" r="1.6" />
    <circle cx="14" cy="17.5" r="1.6" />
    <circle cx="18.5" cy="18.5" r="1.6" />
  </Icon>
);

export const LibraryIcon = () => (
  <Icon>
    <path d="M4.5 5.5v13M8.5 5.5v13M12.5 6l4.5 12.2M4 19.5h16" />
  </Icon>
);

export const BoxIcon = () => (
  <Icon>
    <path d="M4.5 8.5v-4h4M15.5 4.5h4v4M19.5 15.5v4h-4M8.5 19.5h-4v-4" />
  </Icon>
);

export const LeftIcon = () => (
  <Icon>
    <path d="m14.5 5.5-6.5 6.5 6.5 6.5" />
  </Icon>
);

export const RightIcon = () => (
  <Icon>
    <path d="m9.5 5.5 6.5 6.5-6.5 6.5" />
  </Icon>
);
