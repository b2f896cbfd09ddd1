// The buttons of the map.
import type { ComponentChildren } from 'preact';

interface Props {
  readonly isLasso: boolean;
  onLasso(): void;
  onZoom(factor: number): void;
  onAll(): void;
  onSeen(): void;
}

export const ZOOM_STEP = 1.6;

export function MapTools({ isLasso, onLasso, onZoom, onAll, onSeen }: Props) {
  return (
    <div class="map-tools" role="toolbar" aria-label="Map">
      <Tool label="Closer (plus key)" onClick={() => onZoom(ZOOM_STEP)}>
        <path d="M12 5v14M5 12h14" />
      </Tool>
      <Tool label="Farther (minus key)" onClick={() => onZoom(1 / ZOOM_STEP)}>
        <path d="M5 12h14" />
      </Tool>
      <Tool label="The whole map (zero key)" onClick={onAll}>
        <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
      </Tool>
      <Tool label="Draw a line around pictures to choose them (or hold Shift)" isOn={isLasso} onClick={onLasso}>
        <path d="M7 16c-5-3-4-11 5-11s10 8 3 11c-3 1.300-6 .5-6-1.500s4-2 4 .5c0 3-3 4-5 4" />
      </Tool>
      <Tool label="Choose the pictures in sight (Enter key)" onClick={onSeen}>
        <path d="M4 4h4M4 4v4M20 4h-4M20 4v4M4 20h4M4 20v-4M20 20h-4M20 20v-4M9 12l2 2 4-4" />
      </Tool>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly isOn?: boolean;
  readonly children: ComponentChildren;
  onClick(): void;
}

function Tool({ label, isOn, children, onClick }: ToolProps) {
  return (
    <button type="button" class="map-tool" aria-label={label} title={label} aria-pressed={isOn} onClick={onClick}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {children}
      </svg>
    </button>
  );
}
