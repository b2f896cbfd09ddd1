// Runs one command line: from its words to a verb, and from whatever that throws to an exit status.
import { Command, CommanderError } from 'commander';
import { reportFailure } from './commands/terminal.ts';
import { addLibraryVerbs } from './library-verbs.ts';
import { addSpaceVerbs } from './space-verbs.ts';
import { EXIT_CODES, verbsOf } from './verb.ts';

/** Runs one command line and resolves to its exit status. Never rejects. */
export async function runCli(args: readonly string[]): Promise<number> {
  const outcome = { status: 0 };
  const program = createProgram(outcome);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return outcome.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportFailure(error, { json: args.includes('--json') });
  }
}

function createProgram(outcome: { status: number }): Command {
  const program = new Command('semblance')
    .description('Finds pictures by what they show.')
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)')
    .addHelpText('after', EXIT_CODES);
  const verb = verbsOf(program, outcome);
  addLibraryVerbs(verb);
  addSpaceVerbs(verb);
  return program;
}
