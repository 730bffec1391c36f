import { useEffect, useState } from 'react';
import { texts } from '../../texts';
import styles from './Clause.module.css';

export interface Section {
  /** The id of the heading. */
  id: string;
  title: string;
}

/** Links to the sections of the page. Stays in view on wide screens, and marks the section that the user is reading. */
export function Contents({ sections }: { sections: readonly Section[] }) {
  const [current, setCurrent] = useState<string>();
  const ids = sections.map(({ id }) => id).join(' ');
  useEffect(() => {
    // The user is reading the last section whose heading is above the middle of the screen.
    const update = () => {
      const above = ids.split(' ').filter((id) => {
        const heading = document.getElementById(id);
        return heading && heading.getBoundingClientRect().top < window.innerHeight / 2;
      });
      setCurrent(above.at(-1));
    };
    window.addEventListener('scroll', update, { passive: true });
    // Sections move while those above them load. The observer also calls `update` at once.
    const observer = new ResizeObserver(update);
    observer.observe(document.body);
    return () => {
      window.removeEventListener('scroll', update);
      observer.disconnect();
    };
  }, [ids]);
  return (
    <nav className={`${styles.contents} no-print`} aria-label={texts.clause.contents}>
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={id === current ? 'location' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
