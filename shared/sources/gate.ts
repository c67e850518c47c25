/** A gate as `CRM_SYNC_WHEN=property=value` says it: which property of a customer, and which value lets it through. */
export interface PropertyGate {
  readonly property: string;
  readonly opens: (value: unknown) => boolean;
}

/** Null where no gate is set. Values compare as texts, without regard to case and blanks around them. */
export function readPropertyGate(setting: string | undefined): PropertyGate | null {
  if (setting === undefined) return null;
  const at = setting.indexOf('=');
  const wanted = plain(setting.slice(at + 1));
  return {
    property: setting.slice(0, at).trim(),
    opens: (value) => ['string', 'number', 'boolean'].includes(typeof value) && plain(String(value)) === wanted,
  };
}

const plain = (text: string): string => text.trim().toLowerCase();
