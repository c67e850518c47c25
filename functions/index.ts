import './receive-changes.ts';
import './apply-change.ts';
import './write-back.ts';
import './sweep.ts';
import './health.ts';
