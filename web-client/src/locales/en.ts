// The texts that every page needs.
export { default as common } from './en/common.json';
export { default as enums } from './en/enums.json';
export { default as errors } from './en/errors.json';
export { default as ui } from './en/ui.json';
