// Where the product lies. In a file of its own, so that whoever needs only this loads nothing else.
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, models/ and schema.graphql: one above src/ and dist/ alike. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
