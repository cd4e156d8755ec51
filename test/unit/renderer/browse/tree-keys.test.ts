import { describe, expect, test } from 'vitest';
import { stepForKey } from '../../../../renderer/features/browse/tree/tree-keys.ts';
import { TreeModel } from '../../../../renderer/features/browse/tree/tree-model.ts';

/** / a(open: [ask] a1 a2) b c */
function tree(): TreeModel {
  const model = new TreeModel();
  model.expand('/');
  model.addChildren('/', ['a', 'b', 'c']);
  model.expand('/a');
  model.addChildren('/a', ['a1', 'a2']);
  return model;
}

function press(model: TreeModel, key: string, cursor: string): string {
  const step = stepForKey(model, { key, cursor, pageRows: 3 });
  return step === undefined ? 'nothing' : `${step.kind} ${step.path}`;
}

describe('tree: keys', () => {
  test.each([
    ['ArrowDown', '/', 'move /a'],
    ['ArrowDown', '/c', 'nothing'],
    ['ArrowUp', '/b', 'move /a/a2'],
    ['ArrowUp', '/', 'nothing'],
    ['Home', '/c', 'move /'],
    ['End', '/', 'move /c'],
    ['PageDown', '/', 'move /a/a2'],
    ['PageDown', '/b', 'move /c'],
    ['PageUp', '/b', 'move /a'],
    ['PageUp', '/a', 'move /'],
    ['ArrowRight', '/b', 'expand /b'],
    ['ArrowRight', '/a', 'move /a/a1'],
    ['ArrowLeft', '/a', 'collapse /a'],
    ['ArrowLeft', '/a/a1', 'move /a'],
    ['ArrowLeft', '/b', 'move /'],
    ['x', '/', 'nothing'],
  ])('%s at %s: %s', (key, cursor, does) => {
    expect(press(tree(), key, cursor)).toBe(does);
  });

  test('notices are passed over, and the key that opened a large node answers its question', () => {
    const model = tree();
    model.setNotice('/a', { kind: 'ask', total: 100_000 });
    expect(press(model, 'ArrowDown', '/a')).toBe('move /a/a1');
    expect(press(model, 'ArrowUp', '/a/a1')).toBe('move /a');
    expect(press(model, 'ArrowRight', '/a')).toBe('load /a');
  });

  test('the first child of an open node that has none yet is waited for', () => {
    const model = tree();
    model.expand('/b');
    expect(press(model, 'ArrowRight', '/b')).toBe('enter /b');
  });
});
