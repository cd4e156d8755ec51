/** Simplified Chinese texts of the settings. */
import type { settings as english } from '../en/settings.ts';
import type { LocaleOf } from '../locale-of.ts';

export const settings: LocaleOf<typeof english> = {
  detail: '保存在本机',
  appearance: '外观',
  theme: '主题',
  language: '语言',
  languages: { system: '跟随系统', en: 'English', 'zh-CN': '简体中文' },
  browsing: '浏览',
  askAbove: '展开前询问',
  askAboveUnit: '个子节点及以上',
  askAboveHint:
    '列出子节点时，所有名称在一个响应中返回。超过此数量时 Zabra 会先询问，因为对服务器来说响应也很大。',
  notifications: '通知',
  notifies: '桌面通知',
  notifiesOn: '显示',
  notifiesHint: '任何已打开的连接出现以下情况时通知：健康规则转为不通过，诊断发现选举、丢失的会话或故障。',
  allowNotifications: '在此浏览器中允许',
  notificationsDenied: '此浏览器禁止了通知：请在浏览器设置中为本页面允许。',
  about: '关于',
  version: '版本',
  shell: '运行方式',
  shells: { electron: '桌面窗口', browser: '浏览器' },
  dataFolder: '数据目录',
  secrets: '密码',
  secretStores: { system: '保存在系统密码库中', memory: '保存在内存中，Zabra 退出后丢失' },
  range: '范围为 100 到 10 000 000。',
};
