import type { Language } from '../../shared/rights/index.ts';
import type { JsonFlags, WhoFlags } from '../flags.ts';

export interface CaseFlags extends WhoFlags, JsonFlags {
  readonly requester: string;
  readonly case?: string;
}

/** By what a person is named; `-` asks for the value. */
export interface PersonFlags {
  readonly actor?: number;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly customer?: string;
}

export interface AccessFlags extends CaseFlags, PersonFlags {
  readonly out?: string;
  readonly language: Language;
}

export interface EraseFlags extends CaseFlags, PersonFlags {
  readonly yes?: boolean;
  readonly undo?: boolean;
}

export interface UnrestrictFlags extends CaseFlags {
  readonly apply?: boolean;
  readonly drop?: boolean;
}

export interface DecideFlags extends CaseFlags {
  readonly granted?: boolean;
  readonly rejected?: boolean;
}
