using 'main.bicep'
extends 'settings.bicepparam'

param environmentName = 'prod'

// Survives the loss of one building.
param storageSku = 'Standard_ZRS'
param logRetentionDays = 90

// Uncomment when storage and vault must not answer from the internet (docs/setup.md, "Private network").
// param privateNetworking = true

// Uncomment for a mail when the month's cost nears an amount; the start is the month in which you do so, and stays.
// param budget = {
//   amount: 100
//   startDate: '2026-12-01'
// }
