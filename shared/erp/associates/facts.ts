import type { Transport } from '../http/transport.ts';
import { readModel } from './model.ts';

const DOCUMENT = `
query associate_facts {
  input: __type(name: "Associate_Input") { inputFields { name description type { ...named } } }
  suggest: __type(name: "Suggest_Associate_Input") { inputFields { name type { ...named } } }
  mutation: __type(name: "Mutation_UseCompany") {
    fields { name args { name description defaultValue type { ...named enumValues { name description } ofType { enumValues { name description } } } } }
  }
  query: __type(name: "Query") { fields { name args { name type { ...named } } } }
}
fragment named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** What Visma does not document, as its schema and model say it: to be pasted into an issue. Two reads or a few. */
export async function readFacts(transport: Transport): Promise<Readonly<Record<string, unknown>>> {
  const { fields } = await transport.ask({
    name: 'associate_facts',
    document: DOCUMENT,
    variables: {},
    isJudged: true,
  });
  const columns = [...(await readModel(transport))].map(([identifier, sqlName]) => ({ identifier, sqlName }));
  return { schema: fields, useModel: columns };
}
