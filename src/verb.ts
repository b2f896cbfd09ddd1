// What every verb of the command line is made of: its settings as flags, its examples, and an action that is read when it runs.
import { type Command, Option } from 'commander';
import { type Config, flagOf, readConfig, SETTINGS } from './config.ts';

export const EXIT_CODES = `
Exit status: 0 done, 1 the machine or the data is at fault, 2 the request is, 3 nothing was found.`;

/** A verb's action: what it returns is the exit status. */
export type Action<Options> = (config: Config, args: readonly string[], options: Options) => Promise<number>;

/** An action whose code is read when it runs: no verb waits for that of another, and the page's door opens at once. */
export function later<Options>(load: () => Promise<Action<Options>>): Action<Options> {
  return async (config, args, options) => (await load())(config, args, options);
}

/** Adds a verb. `own`: flags of settings that mean something else to this verb. */
export type AddVerb = <Options>(
  name: string,
  description: string,
  examples: string,
  action: Action<Options>,
  own?: readonly string[],
) => Command;

/** What the verb that was run returns becomes `outcome.status`. */
export function verbsOf(program: Command, outcome: { status: number }): AddVerb {
  return (name, description, examples, action, own = []) => {
    const command = program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExamples:\n${examples}${EXIT_CODES}`);
    for (const setting of Object.values(SETTINGS)) {
      if (own.includes(flagOf(setting))) continue;
      command.addOption(
        new Option(`--${flagOf(setting)} <value>`, `${setting.meaning} (${setting.key})`).helpGroup('Settings:'),
      );
    }
    return command.action(async () => {
      // Which flags a verb has stands beside its action, which names their types.
      const options = command.optsWithGlobals() as never;
      outcome.status = await action(readConfig(settingFlags(command, own)), command.args, options);
    });
  };
}

export const jsonOption = new Option('--json', 'print JSON for programs');

/** Only the settings that were given as flags. */
function settingFlags(command: Command, own: readonly string[]): Record<string, string> {
  const flags: Record<string, string> = {};
  for (const setting of Object.values(SETTINGS)) {
    const flag = flagOf(setting);
    if (own.includes(flag)) continue;
    const value: unknown = command.getOptionValue(flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
    if (typeof value === 'string') flags[flag] = value;
  }
  return flags;
}
