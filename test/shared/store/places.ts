import { azuritePlace, memoryPlace, type Place } from '../../kit/place.ts';

type Started = ReturnType<Place['ports']> & Pick<Place, 'messages'>;

/** The suites hold for both: what a test sees in memory is what storage would do. */
export const PLACES: readonly (readonly [string, () => Promise<Started>])[] = [
  ['Azurite', async () => started(await azuritePlace())],
  ['memory', async () => started(memoryPlace(Date.now))],
];

const started = (place: Place): Started => ({ ...place.ports(), messages: place.messages });
