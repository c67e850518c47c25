// The registrations alone are loaded at start; what they do is loaded at the first invocation (see handlers/), so that
// an instance is ready soon and one that only takes webhooks never loads the rest.
import './receive-changes.ts';
import './apply-change.ts';
import './write-back.ts';
import './sweep.ts';
import './reconcile.ts';
import './health.ts';
import './ops.ts';
import './ops-key.ts';
import { app } from '@azure/functions';
import { growHeapSlowly } from '../shared/heap.ts';

// Else the host drops a body that comes in chunks, and its signature is checked over nothing
// (https://github.com/Azure/azure-functions-host/issues/4926).
app.setup({ enableHttpStream: true });

growHeapSlowly(50);
