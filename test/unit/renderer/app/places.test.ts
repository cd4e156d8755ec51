import { describe, expect, it } from 'vitest';
import {
  NO_PLACES,
  type Places,
  forgetConnection,
  goBack,
  goForward,
  goTo,
  pathOf,
  presentPlace,
} from '../../../../renderer/app/places.ts';

const open = (places: Places, connectionId: string): Places =>
  goTo(places, { connectionId, view: 'browse', path: pathOf(places, connectionId) });

describe('places', () => {
  it('every connection remembers its own path', () => {
    const inA = goTo(open(NO_PLACES, 'a'), { path: '/kafka' });
    const inB = open(inA, 'b');
    expect(presentPlace(inB).path).toBe('/');
    expect(presentPlace(open(inB, 'a'))).toEqual({ connectionId: 'a', view: 'browse', path: '/kafka' });
  });

  it('back and forward walk over views and paths', () => {
    const there = goTo(goTo(open(NO_PLACES, 'a'), { path: '/kafka' }), { view: 'events' });
    const once = goBack(there);
    expect(presentPlace(once)).toMatchObject({ view: 'browse', path: '/kafka' });
    const twice = goBack(once);
    expect(presentPlace(twice)).toMatchObject({ view: 'browse', path: '/' });
    expect(presentPlace(goForward(twice))).toMatchObject({ view: 'browse', path: '/kafka' });
    expect(presentPlace(goForward(goForward(twice)))).toMatchObject({ view: 'events' });
  });

  it('a new place ends the way forward', () => {
    const back = goBack(goTo(open(NO_PLACES, 'a'), { path: '/kafka' }));
    const elsewhere = goTo(back, { path: '/other' });
    expect(goForward(elsewhere)).toBe(elsewhere);
  });

  it('going where one is already is no step', () => {
    const places = open(NO_PLACES, 'a');
    expect(goTo(places, { path: '/', view: 'browse' })).toBe(places);
  });

  it('back at the beginning and forward at the end stay', () => {
    expect(goBack(NO_PLACES)).toBe(NO_PLACES);
    expect(goForward(NO_PLACES)).toBe(NO_PLACES);
  });

  it('the history is bounded', () => {
    let places = open(NO_PLACES, 'a');
    for (let index = 0; index < 1000; index += 1) places = goTo(places, { path: `/${index}` });
    expect(places.back.length).toBeLessThanOrEqual(200);
    expect(places.back.at(-1)?.path).toBe('/998');
  });

  it('a connection that is gone leaves no place to go back to', () => {
    const places = open(goTo(open(NO_PLACES, 'a'), { path: '/kafka' }), 'b');
    const withoutA = forgetConnection(places, 'a');
    expect(withoutA.back.every((place) => place.connectionId !== 'a')).toBe(true);
    expect(presentPlace(withoutA).connectionId).toBe('b');
    expect(pathOf(withoutA, 'a')).toBe('/');
    expect(presentPlace(forgetConnection(withoutA, 'b')).connectionId).toBeNull();
  });
});
