// The README's tables are promises: they are held against the code.
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { flagOf, SETTINGS } from '../../src/config.ts';
import { ERROR_TABLE } from '../../src/core/errors.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** First cells of the table under a heading, without backticks. */
function tableUnder(heading: string): { first: string; row: string }[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((row) => ({ first: (row.split('|')[1] ?? '').trim().replaceAll('`', ''), row }));
}

describe('README', () => {
  it('lists every error code with its meaning and exit status, and no other', () => {
    const rows = tableUnder('Errors');
    expect(rows.map(({ first }) => first).sort()).toEqual(Object.keys(ERROR_TABLE).sort());
    for (const [code, { meaning, exitCode }] of Object.entries(ERROR_TABLE)) {
      const row = rows.find(({ first }) => first === code)?.row;
      expect(row).toContain(meaning);
      expect(row).toContain(`| ${exitCode} |`);
    }
  });

  it('lists every setting with its flag and default, and no other', () => {
    const rows = tableUnder('Configuration');
    expect(rows.map(({ first }) => first).sort()).toEqual(
      Object.values(SETTINGS)
        .map(({ key }) => key)
        .sort(),
    );
    for (const setting of Object.values(SETTINGS)) {
      const row = rows.find(({ first }) => first === setting.key)?.row;
      expect(row).toContain(`--${flagOf(setting)}`);
      if (setting.fallback !== '') expect(row).toContain(`\`${setting.fallback}\``);
    }
  });
});

describe('schema.graphql', () => {
  it('describes every type, field, argument and enum value', () => {
    const bare: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
      const isRoot = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(
        type as never,
      );
      if (!type.description && !isRoot) bare.push(type.name);
      if (isEnumType(type))
        for (const value of type.getValues()) if (!value.description) bare.push(`${type.name}.${value.name}`);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`);
        if ('args' in field)
          for (const argument of field.args)
            if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name})`);
      }
    }
    expect(bare).toEqual([]);
  });
});
