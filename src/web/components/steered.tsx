// The one picture that a search goes by: joins its panel to the search that the panel's controls change.
import type { SearchView } from '../address.ts';
import type { FocusMap } from '../documents.ts';
import type { PictureTerm } from '../question.ts';
import type { FindSubject } from '../use-subjects.ts';
import type { Navigate } from '../view.ts';
import { SteeringPanel } from './steering-panel.tsx';

interface Props {
  readonly view: SearchView;
  readonly picture: PictureTerm;
  readonly findSubject: FindSubject;
  readonly focusMap: readonly FocusMap[];
  readonly navigate: Navigate;
}

/** The picture that is searched by, once it is known, with its sliders. */
export function Steered({ view, picture, findSubject, focusMap, navigate }: Props) {
  const subject = findSubject(picture);
  if (subject === undefined) return null;
  return (
    <SteeringPanel
      key={picture.kind === 'image' ? picture.id : picture.upload.key}
      subject={subject}
      file={picture.kind === 'upload' ? picture.upload.file : undefined}
      region={picture.region}
      focusMap={focusMap}
      steering={view.steering}
      onSteer={(steering) => navigate({ ...view, steering }, 'replace')}
      onRegion={(region) =>
        navigate({ ...view, terms: view.terms.map((term) => (term === picture ? { ...picture, region } : term)) })
      }
    />
  );
}
