import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssociateNo } from '../../../shared/record/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { readSettings } from '../../../shared/settings.ts';
import { NO_WAY_BACK, type StateRow } from '../../../shared/store/index.ts';
import { flowsOf } from '../../../shared/sync/decide/field-flows.ts';
import { EMPTY } from '../../kit/plain-erp.ts';

const hash = async (_field: string, text: string): Promise<string> => `hash of ${text}`;
const owners = {
  ...readSettings({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    NXT_COMPANY_NO: '1',
    VISMA_CLIENT_ID: 'x',
    VISMA_CLIENT_SECRET: 'x',
    CRM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  }).FIELD_OWNER,
  phoneNumber: 'both',
} as const;

const BASE = '+4792000001';
const [CRM, THIRD, OTHER] = ['+4792000002', '+4792000003', '+4792000004'];
/** As accounting writes it. */
const spelled = (number: string): string => number.replace(/^\+47(\d{3})(\d{2})(\d{3})$/u, '$1 $2 $3');

type PhoneColumn = StateRow['wayBack']['phoneColumn'];

async function flow(crm: string, phone: string, mobilePhone: string, phoneColumn: PhoneColumn) {
  const row = {
    ...EMPTY,
    associateNo: 1 as AssociateNo,
    phone: new Personal(spelled(phone)),
    mobilePhone: new Personal(spelled(mobilePhone)),
  };
  const known = {
    hashes: { phoneNumber: await hash('phoneNumber', BASE) },
    wayBack: { ...NO_WAY_BACK, phoneColumn },
  };
  const said = { hashes: { phoneNumber: await hash('phoneNumber', crm) } };
  return (await flowsOf({ hash, owners }, 'contact', known, said, row))['phoneNumber'];
}

describe('a contact’s number in either of the ERP’s columns', () => {
  it('is the one in the column that held what was last in sync; the other column is accounting’s', async () => {
    const number = fc.constantFrom('', BASE, CRM, THIRD, OTHER);
    const column = fc.constantFrom('phone', 'mobilePhone', '');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(BASE, CRM, ''), number, number, column, async (crm, phone, mobile, last) => {
        const held = [phone, mobile];
        const own = last === 'mobilePhone' ? mobile : phone;
        const found = await flow(crm, phone, mobile, last);
        // Where the CRM's number stands in either column, the person can be reached: nothing is written.
        const isReached = crm !== '' && held.includes(crm);
        const isInSync = held.includes(BASE);
        if (isReached && crm !== BASE && isInSync) return;
        const erp = isInSync ? BASE : isReached ? crm : own;
        expect(found).toMatchObject({ erp: erp === '' ? '' : `hash of ${erp}` });
        const isCrmEdit = crm !== BASE;
        const isErpEdit = erp !== BASE && erp !== '';
        const wanted =
          crm === erp
            ? crm === BASE
              ? 'stay'
              : 'agreed'
            : isCrmEdit
              ? isErpEdit
                ? 'conflict'
                : 'to-erp'
              : isErpEdit
                ? 'to-crm'
                : 'stay';
        expect({ crm, phone, mobile, last, verdict: found?.verdict }).toMatchObject({ verdict: wanted });
      }),
      { seed: 1, numRuns: 400 },
    );
  });
});
