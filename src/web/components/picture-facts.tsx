// Size and date of a picture, and what its camera wrote.
import type { Picture } from '../documents.ts';
import type { PictureDetails } from '../use-picture-details.ts';
import { exposure, fileSize } from '../wording.ts';

interface Props {
  readonly picture: Picture;
  readonly exif: PictureDetails['exif'];
}

const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function PictureFacts({ picture: { width, height, bytes, takenAt }, exif }: Props) {
  const settings = [
    exif?.exposureTime == null ? undefined : exposure(exif.exposureTime),
    exif?.aperture == null ? undefined : `f/${Number(exif.aperture.toFixed(1))}`,
    exif?.focalLength == null ? undefined : `${Number(exif.focalLength.toFixed(1))} mm`,
    exif?.iso == null ? undefined : `ISO ${exif.iso}`,
  ].filter((setting) => setting !== undefined);
  const rows = [
    ['Size', `${width} × ${height} · ${fileSize(bytes)}`],
    ['Taken', takenAt === null ? '' : date.format(new Date(takenAt))],
    ['Camera', exif?.camera ?? ''],
    ['Lens', exif?.lens ?? ''],
    ['Exposure', settings.join(' · ')],
  ].filter(([, value]) => value !== '');
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
