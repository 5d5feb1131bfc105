import { createLink } from '@tanstack/react-router';
import clsx from 'clsx';
import { LoaderCircle } from 'lucide-react';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from './hidden';
import { focusRing } from './styles';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

/** `large` is the main button of a page or panel (44 px); `small` stands in dense rows (32 px). */
export type ButtonSize = 'small' | 'medium' | 'large';

const kinds: Record<ButtonKind, string> = {
  primary: 'border-brand bg-brand text-white hover:border-brand-hover hover:bg-brand-hover',
  secondary: 'border-field bg-surface text-ink hover:bg-sunken',
  quiet: 'border-transparent bg-transparent text-brand-ink hover:bg-brand-soft',
  danger: 'border-rose bg-surface text-rose hover:bg-rose-soft',
};

const sizes: Record<ButtonSize, string> = {
  small: 'min-h-8 px-2.5 text-sm',
  medium: 'min-h-9 px-3.5 text-sm',
  large: 'min-h-11 px-5 text-base',
};

/** The look of a button, for what is not one: a link, a label of a file input. */
export function buttonClass(kind: ButtonKind = 'secondary', size: ButtonSize = 'medium', block?: boolean) {
  return clsx(
    'relative inline-flex items-center justify-center gap-1.5 rounded-md border text-center font-medium [&_svg]:shrink-0',
    'transition-colors motion-reduce:transition-none disabled:cursor-not-allowed disabled:opacity-50',
    focusRing,
    kinds[kind],
    sizes[size],
    block && 'w-full',
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** Fills the width it is given. */
  block?: boolean;
  icon?: ReactNode;
  /** Work is under way: the button keeps its width and its focus, says so, and cannot be pressed. */
  pending?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  kind,
  size,
  block,
  icon,
  pending,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const { t } = useTranslation('ui');
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={pending || rest['aria-disabled'] || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => (pending ? event.preventDefault() : onClick?.(event))}
      className={clsx(buttonClass(kind, size, block), className)}
    >
      <span className={clsx('inline-flex min-w-0 items-center gap-1.5 [&>svg]:shrink-0', pending && 'opacity-0')}>
        {icon}
        {children}
      </span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <LoaderCircle aria-hidden className="size-5 animate-spin motion-reduce:animate-none" />
        </span>
      )}
      <VisuallyHidden live>{pending ? t('pending') : ''}</VisuallyHidden>
    </button>
  );
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  kind?: ButtonKind;
  size?: ButtonSize;
  block?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLAnchorElement>;
}

/** A link to an address outside the router (a file, another site) that looks like a button. */
export function ButtonAnchor({ kind, size, block, icon, className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={clsx(buttonClass(kind, size, block), className)}>
      {icon}
      {children}
    </a>
  );
}

/** A link of the router that looks like a button; takes the props of `Link` too. */
export const ButtonLink = createLink(ButtonAnchor);

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'block'> {
  /** The name of the button: an icon alone says nothing. */
  label: string;
  icon: ReactNode;
}

/** A square button with an icon and a name. */
export function IconButton({ label, icon, kind = 'quiet', size = 'medium', className, ...rest }: IconButtonProps) {
  const square = { small: 'w-8 px-0!', medium: 'w-9 px-0!', large: 'w-11 px-0!' }[size];
  return (
    <Button
      {...rest}
      kind={kind}
      size={size}
      title={label}
      aria-label={label}
      className={clsx(square, 'shrink-0', className)}
    >
      {icon}
    </Button>
  );
}
