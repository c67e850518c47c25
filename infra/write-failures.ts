import { writeFile } from 'node:fs/promises';
import { FAILURES, isFailureCode, type Decision } from '../shared/failure.ts';
import { REPORTED } from '../shared/record/index.ts';

/** `npx node infra/write-failures.ts`: writes docs/failures.md anew from the codes the program uses. */
const file = new URL('../docs/failures.md', import.meta.url);

/** In the order in which an operator meets them. */
const SECTIONS: Readonly<Record<Decision, { readonly title: string; readonly text: string }>> = {
  refuse: {
    title: 'For a person: one record',
    text: 'The record is listed (`failed list`) and has a message in `crm-changes-poison`; the others go on. Mend the cause, then\n`failed replay`; where the correction is made in the CRM, its next event is enough.',
  },
  configuration: {
    title: 'For a person: the set-up',
    text: 'Nothing can work until this is mended, so the flow stops: changes are taken and kept, none fails, none is lost. The program\nlooks again by itself, every 15 seconds growing to a minute, and goes on without a restart once it works (after\n`erp.external-id-changed` only with another column or `resume`).',
  },
  retry: {
    title: 'Passing',
    text: 'The other side cannot just now. The program tries again with growing delays, for days if need be; a cause that every record\nwould meet stops the flow until a probe succeeds, and costs no record an attempt. `erp.unknown` is given to a person after\nsix attempts.',
  },
  wait: {
    title: 'Waiting',
    text: 'Nothing is wrong: something else comes first, and no attempt is spent. Contacts wait for their customer for\n`WAIT_FOR_CUSTOMER_HOURS`, then they are listed as `customer.never-came`.',
  },
  bug: {
    title: 'Mistakes of the program',
    text: 'Listed like a refusal, never tried again as if it were the network.',
  },
};

const HEAD = `# Failures

Every code the program uses, what it means and what to do. The codes are stable: alerts and scripts may use them. They stand
in the log lines (\`code\`), in \`status\`, \`failed list\` and the messages of \`crm-changes-poison\`. Written from
\`shared/failure.ts\` by \`npx node infra/write-failures.ts\`; [operating.md](operating.md) goes through the work with them.
`;

export function failuresPage(): string {
  const sections = Object.entries(SECTIONS).map(([decision, { title, text }]) => {
    const rows = Object.entries(FAILURES)
      .filter(([, failure]) => failure.decision === decision)
      .map(([code, { scope, meaning, action }]) => [
        `\`${code}\``,
        scope === 'global' ? 'everything' : 'one record',
        meaning,
        action,
      ]);
    return `## ${title}\n\n${text}\n\n${markdownTable(['Code', 'Concerns', 'Meaning', 'What to do'], rows)}\n`;
  });
  return [HEAD, ...sections, reported()].join('\n');
}

/** Not failures: what the answer to an event and an import's plan say of a record that goes on. */
function reported(): string {
  const text =
    'The record goes on. The answer to the event says so (`code`, `pointer`), and so does an import’s plan. A text with lost letters\n' +
    '(`value.broken-letters`, above) is reported too, unless it is a name.';
  const rows = Object.entries(REPORTED)
    .filter(([code]) => !isFailureCode(code))
    .map(([code, { meaning, action }]) => [`\`${code}\``, meaning, action]);
  return `## Reported only\n\n${text}\n\n${markdownTable(['Code', 'Meaning', 'What to do'], rows)}\n`;
}

/** Padded, as prettier writes tables, so that formatting the page changes nothing. */
function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((_, column) =>
    Math.max(3, ...[headings, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

if (import.meta.main) await writeFile(file, failuresPage());
