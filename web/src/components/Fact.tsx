import type { ReactNode } from 'react';
import { texts } from '../texts';

/** A name and its value, for a `<dl className="facts">`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The other names of a record. Renders nothing if there are none. */
export function Aliases({ aliases }: { aliases: readonly string[] }) {
  return aliases.length > 0 && <Fact name={texts.states.aliases}>{aliases.join(', ')}</Fact>;
}
