/** English texts of the notification radius. */
export const radius = {
  title: 'Who is notified',
  unknownYet: 'who is notified: looking…',
  nobody: 'nobody watches anything',
  hidden: 'who is notified is hidden',
  hiddenHint: 'Not every server tells how many watches it holds (wchs); asking says what would change that.',
  atMost_one: 'at most {{formatted}} watch fires',
  atMost_other: 'at most {{formatted}} watches fire',
  atMostHint:
    'So many watches are set in the whole ensemble, on whatever paths, Zabra’s own included. Which of them would fire, only asking tells.',
  ask: 'Ask whose',
  askAgain: 'Ask again',
  show: 'Show',
  asking: 'The servers are asked…',
  askHint:
    'wchp makes every server list all of its watches. On a big cluster with hundreds of thousands of them that takes a moment; answers beyond 16 MB or 10 s are given up.',
  failed: 'The servers could not be asked.',
  onlyZabra: 'nobody but Zabra is notified',
  certain_one: '{{formatted}} other session is notified',
  certain_other: '{{formatted}} other sessions are notified',
  possible_one: ', {{formatted}} more possibly',
  possible_other: ', {{formatted}} more possibly',
  onlyIf: 'if its watch on {{path}} is recursive or persistent',
  childHidden: 'Child watches (getChildren) fire as well; no server lists whose they are.',
  asOf: 'from wchp, as of {{time}}',
} as const;
