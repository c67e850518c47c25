/**
 * SQL name, then the number in Visma's data model where it is known (verified: 4028–4038, 4045, 4109, 7364). Columns
 * without a known number get one above 90000, which no real column has.
 */
export type Sql = readonly [name: string, number?: number];

export const TEXT_COLUMNS = {
  name: ['Nm', 4029],
  shortName: ['Shrt', 4038],
  companyNo: ['BsNo', 4109],
  addressLine1: ['Ad1', 4030],
  addressLine2: ['Ad2'],
  addressLine3: ['Ad3'],
  addressLine4: ['Ad4'],
  postCode: ['PNo', 4034],
  postalArea: ['PArea', 4035],
  phone: ['Phone'],
  mobilePhone: ['MobPh'],
  fax: ['Fax'],
  emailAddress: ['MailAd'],
  externalId: ['ExtID'],
  title: ['Title'],
  yourReference: ['YrRef'],
  information1: ['Inf'],
  information2: ['Inf2'],
  information3: ['Inf3'],
  information4: ['Inf4'],
  information5: ['Inf5'],
  information6: ['Inf6'],
  information7: ['Inf7'],
  information8: ['Inf8'],
  bankAccount: ['BGiro'],
  iban: ['IBAN'],
  swiftCode: ['SwftCd'],
  swiftAddress1: ['SwftAd1'],
  swiftAddress2: ['SwftAd2'],
  swiftAddress3: ['SwftAd3'],
  swiftAddress4: ['SwftAd4'],
} as const satisfies Record<string, Sql>;

export const INT_COLUMNS = {
  associateNo: ['ActNo', 4028],
  customerNo: ['CustNo', 4045],
  supplierNo: ['SupNo'],
  employeeNo: ['EmpNo'],
  newCustomerNo: ['NwCNo', 7364],
  contactForAssociateNo: ['LiaAct'],
  deliveryToAssociateNo: ['DelToAct'],
  invoiceCustomerNo: ['InvoCust'],
  countryNo: ['Ctry', 4036],
  languageNo: ['Lang'],
  currencyNo: ['Cur'],
  paymentTermsForCustomer: ['CPmtTrm'],
  paymentTermsForSupplier: ['SPmtTrm'],
  paymentMethodForCustomer: ['CPmtMt'],
  paymentMethodForSupplier: ['SPmtMt'],
  generalLedgerAccountNoForCustomer: ['CustAcNo'],
  generalLedgerAccountNoForSupplier: ['SupAcNo'],
  crossAccountNoForSupplier: ['SAgAcNo'],
  taxCodeForCustomer: ['CVatNo'],
  taxCodeForSupplier: ['SVatNo'],
  documentDeliveryMethod1: ['DocSMt'],
  remittancePriority: ['RmtPri'],
  associateProcessing: ['ActPro'],
  customerPreferences: ['CustPref'],
  creditStop: ['CrSusp'],
  seller: ['Seller'],
  group1: ['Gr'],
  group2: ['Gr2'],
  group3: ['Gr3'],
  group4: ['Gr4'],
  group5: ['Gr5'],
  group6: ['Gr6'],
  group7: ['Gr7'],
  group8: ['Gr8'],
  group9: ['Gr9'],
  group10: ['Gr10'],
  group11: ['Gr11'],
  group12: ['Gr12'],
  createdDate: ['CreDt'],
  createdTime: ['CreTm'],
  changedDate: ['ChDt'],
  changedTime: ['ChTm'],
} as const satisfies Record<string, Sql>;

export const DECIMAL_COLUMNS = { creditLimit: ['CrLmt'] } as const satisfies Record<string, Sql>;

/** Who wrote the row; a service writes its client id. Read only. */
export const USER_COLUMNS = {
  createdByUser: ['CreUsr'],
  changedByUser: ['ChUsr'],
} as const satisfies Record<string, Sql>;

/** `…DateTime` are computed and have no SQL column; the SQL names of the time stamps are unverified. Read only. */
export const TIME_COLUMNS = {
  createdDateTime: [''],
  changedDateTime: [''],
  createdTimestamp: ['CreTS'],
  changedTimestamp: ['ChTS'],
} as const satisfies Record<string, Sql>;
