import { createRequire } from 'node:module';

/** The part of Kusto's language service that is used here; its own declarations are 3 MB of globals. */
interface KustoLanguage {
  readonly Symbols: {
    readonly TableSymbol: { From(columns: string): { WithName(name: string): object } };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, tables: readonly object[]) => object };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: object,
    ): { GetDiagnostics(): { Count: number; getItem(index: number): { Message: string } } };
  };
}

const load = createRequire(import.meta.url);
load('@kusto/language-service-next/bridge.min.js');
load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { Language } = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto;
const { Symbols, GlobalState, KustoCode } = Language;

/** The columns that the queries may read, as Azure Monitor documents them. */
const TABLES = [
  Symbols.TableSymbol.From('(TimeGenerated: datetime, Message: string)').WithName('AppTraces'),
  Symbols.TableSymbol.From('(TimeGenerated: datetime, Success: bool, ResultCode: string)').WithName('AppRequests'),
];
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('logs', TABLES));

/** What Kusto would refuse in a query: syntax, unknown tables and columns, wrong types. */
export function findQueryProblems(query: string): string[] {
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
}
