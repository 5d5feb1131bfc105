// The texts that every page needs.
export { default as common } from './zh-CN/common.json';
export { default as enums } from './zh-CN/enums.json';
export { default as errors } from './zh-CN/errors.json';
export { default as ui } from './zh-CN/ui.json';
