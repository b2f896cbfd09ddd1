// How names and tags are compared without case. Stored folded, so a change here needs a migration.

/** Lower case in composed form: equal for what a person takes for the same word. For all of Unicode, unlike SQL's. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}
