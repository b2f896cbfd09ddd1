// The ways in, over whatever view is on; what is added then goes on beside the view.
import { Dialog } from '../components/dialog.tsx';
import type { WorkState } from './use-work.ts';
import { WaysIn } from './ways-in.tsx';

interface Props {
  readonly work: WorkState;
  onClose(): void;
}

export function AddDialog({ work, onClose }: Props) {
  return (
    <Dialog heading="Add pictures" kind="sheet" onClose={onClose}>
      <WaysIn
        onFiles={(given) => {
          work.addFiles(given);
          onClose();
        }}
        onFolder={(path) => {
          void work.addFolder(path);
          onClose();
        }}
      />
    </Dialog>
  );
}
