import { Link, type LinkProps } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';

/** A link whose address comes from a table, which the router's types cannot know. */
export function Go({
  to,
  ...rest
}: {
  to: string;
  children?: ReactNode;
  activeProps?: LinkProps['activeProps'];
  activeOptions?: LinkProps['activeOptions'];
} & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { ref?: Ref<HTMLAnchorElement> }) {
  return <Link to={to as '/'} {...(rest as object)} />;
}
