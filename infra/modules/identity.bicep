@description('Name of the identity.')
param name string

@description('Location.')
param location string

@description('Tags.')
param tags object

// User-assigned, so that its rights exist before the app does and outlive a re-created app.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Object id: what the console\'s sign-in trusts.')
output principalId string = identity.properties.principalId
