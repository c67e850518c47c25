// The registrations alone are loaded at start; what they do is loaded at the first invocation (see handlers/), so that
// an instance is ready soon and one that only takes webhooks never loads the rest.
import './receive-changes.ts';
import './apply-change.ts';
import './write-back.ts';
import './sweep.ts';
import './health.ts';
import { growHeapSlowly } from '../shared/heap.ts';

growHeapSlowly(50);
