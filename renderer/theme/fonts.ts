/**
 * The two voices, bundled: what Zabra says is Inter, what ZooKeeper said is JetBrains Mono. Chinese comes from the
 * system. Only the subsets that an engineer's cluster holds in names are taken.
 */
import '@fontsource-variable/inter/wght.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-500.css';
import '@fontsource/jetbrains-mono/latin-600.css';
import '@fontsource/jetbrains-mono/latin-ext-400.css';
import '@fontsource/jetbrains-mono/cyrillic-400.css';
