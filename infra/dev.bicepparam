using 'main.bicep'
extends 'settings.bicepparam'

param environmentName = 'dev'
