/** English texts of the settings. */
export const settings = {
  detail: 'Kept on this machine',
  appearance: 'Appearance',
  theme: 'Theme',
  language: 'Language',
  languages: { system: 'System', en: 'English', 'zh-CN': '简体中文' },
  browsing: 'Browsing',
  askAbove: 'Ask before expanding',
  askAboveUnit: 'children or more',
  askAboveHint:
    'Listing a node’s children is one reply with all names. Above this number Zabra asks first, because the reply is large for the server too.',
  notifications: 'Notifications',
  notifies: 'Desktop notifications',
  notifiesOn: 'Show them',
  notifiesHint:
    'When a health rule turns bad, and when the diagnosis finds an election, a lost session or a trouble, of every open connection.',
  allowNotifications: 'Allow in this browser',
  notificationsDenied: 'This browser forbids them: allow them in its settings for this page.',
  about: 'About',
  version: 'Version',
  shell: 'Runs in',
  shells: { electron: 'a desktop window', browser: 'a browser' },
  dataFolder: 'Data folder',
  secrets: 'Passwords',
  secretStores: { system: 'in the system’s password store', memory: 'in memory until Zabra ends' },
  range: 'From 100 to 10 000 000.',
} as const;
