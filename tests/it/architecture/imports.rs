//! The imports between source files, from the paths in their syntax trees: in `use` items, in code, and in macro tokens.
//! Excludes code that is compiled only for tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, UseTree, Visibility};

/// The segments of a path, for example `crate`, `db`, `page`.
pub type Segments = Vec<String>;

/// The files of the library.
pub struct Imports {
    /// The names of the files below `src`, in order.
    pub files: Vec<String>,
    /// Every path in the source files, with its file and module.
    pub paths: Vec<Written>,
    /// The file of each module.
    modules: HashMap<Segments, usize>,
    /// The target of each name that a `use` item imports, keyed by module and name.
    bindings: HashMap<(Segments, String), Segments>,
    /// The test-only modules that have their own files. Modules below them are not listed.
    test_modules: BTreeSet<Segments>,
}

/// A path in a source file.
pub struct Written {
    /// The index of the file.
    pub file: usize,
    module: Segments,
    path: Segments,
}

impl Imports {
    /// Reads every source file below `source` except `main.rs`.
    pub fn read(source: &Path) -> Self {
        let mut imports = Self {
            files: Vec::new(),
            paths: Vec::new(),
            modules: HashMap::new(),
            bindings: HashMap::new(),
            test_modules: BTreeSet::new(),
        };
        for path in sources(source) {
            let name = path.strip_prefix(source).expect("a path below src");
            let module = module_of(name);
            if name == Path::new("main.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("the source can be read");
            let syntax = syn::parse_file(&text)
                .unwrap_or_else(|error| panic!("{} is not Rust: {error}", path.display()));
            imports.modules.insert(module.clone(), imports.files.len());
            imports.files.push(name.to_str().expect("a name in UTF-8").to_owned());
            Reader { imports: &mut imports, module }.visit_file(&syntax);
        }
        let tests = &imports.test_modules;
        imports.paths.retain(|path| !tests.iter().any(|test| path.module.starts_with(test)));
        imports
    }

    /// The absolute path, starting with `crate` or the name of another crate. `None` for items of the module itself.
    pub fn absolute(&self, written: &Written) -> Option<Segments> {
        let Written { module, path, .. } = written;
        let first = path.first()?.as_str();
        if !["crate", "self", "super"].contains(&first) {
            let mut child = module.clone();
            child.push(first.to_owned());
            return if self.modules.contains_key(&child) {
                Some(in_crate(module, path))
            } else if self.bindings.contains_key(&(module.clone(), first.to_owned())) {
                // The path of the `use` item is already in the list.
                None
            } else {
                Some(path.clone())
            };
        }
        let mut base = module.clone();
        let mut rest = path.as_slice();
        while let Some((first, later)) = rest.split_first() {
            match first.as_str() {
                "crate" => base.clear(),
                "self" => {}
                "super" => drop(base.pop()),
                _ => break,
            }
            rest = later;
        }
        Some(in_crate(&base, rest))
    }

    /// The file that defines the target of the path. Follows re-exports. `None` if the target is outside the crate.
    pub fn target(&self, written: &Written) -> Option<usize> {
        let absolute = self.absolute(written)?;
        self.follow(&absolute, 0)
    }

    fn follow(&self, absolute: &[String], depth: usize) -> Option<usize> {
        assert!(depth < 16, "{} is re-exported in a cycle", absolute.join("::"));
        let (first, rest) = absolute.split_first()?;
        if first != "crate" {
            return None;
        }
        let mut module = Segments::new();
        let mut rest = rest.iter();
        while let Some(segment) = rest.next() {
            let mut child = module.clone();
            child.push(segment.clone());
            if self.modules.contains_key(&child) {
                module = child;
                continue;
            }
            if let Some(path) = self.bindings.get(&(module.clone(), segment.clone())) {
                let path = path.iter().chain(rest).cloned().collect();
                let written = Written { file: 0, module, path };
                return self.follow(&self.absolute(&written)?, depth + 1);
            }
            break;
        }
        self.modules.get(&module).copied()
    }

    /// The imports between files of a folder: pairs of files, each with the imported paths.
    pub fn within(&self, folder: &str) -> BTreeMap<(usize, usize), BTreeSet<String>> {
        let prefix = format!("{folder}/");
        let is_inside = |file: usize| self.files[file].starts_with(&prefix);
        let mut imports: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
        for written in self.paths.iter().filter(|written| is_inside(written.file)) {
            let target = self.target(written).filter(|target| is_inside(*target));
            if let Some(target) = target.filter(|target| *target != written.file) {
                imports.entry((written.file, target)).or_default().insert(written.path.join("::"));
            }
        }
        imports
    }
}

/// Every Rust file below a folder, in order.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn in_crate(module: &[String], path: &[String]) -> Segments {
    [&["crate".to_owned()], module, path].concat()
}

/// The module that a file below `src` defines.
fn module_of(name: &Path) -> Segments {
    let mut module: Segments = name
        .with_extension("")
        .components()
        .map(|component| component.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
        module.pop();
    }
    module
}

/// Reads the syntax tree of one file.
struct Reader<'a> {
    imports: &'a mut Imports,
    module: Segments,
}

impl Reader<'_> {
    fn file(&self) -> usize {
        self.imports.files.len() - 1
    }

    fn note(&mut self, path: Segments) {
        let written = Written { file: self.file(), module: self.module.clone(), path };
        self.imports.paths.push(written);
    }

    fn read_use(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: String| [prefix, &[name]].concat();
        let (name, path) = match tree {
            UseTree::Path(inner) => {
                return self.read_use(&with(inner.ident.to_string()), &inner.tree);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.read_use(prefix, tree));
            }
            UseTree::Glob(_) => return self.note(prefix.to_vec()),
            UseTree::Name(name) if name.ident == "self" => {
                (prefix.last().cloned().unwrap_or_default(), prefix.to_vec())
            }
            UseTree::Name(name) => (name.ident.to_string(), with(name.ident.to_string())),
            UseTree::Rename(rename) => (rename.rename.to_string(), with(rename.ident.to_string())),
        };
        self.imports.bindings.insert((self.module.clone(), name), path.clone());
        self.note(path);
    }

    /// Records a path found in tokens. Ignores single words, because `super` may be part of `pub(super)`.
    fn note_tokens(&mut self, path: &mut Segments) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.note(path);
        }
    }

    /// Records the paths in the tokens of a macro, which has no syntax tree.
    fn read_tokens(&mut self, prefix: &[String], tokens: TokenStream) {
        let mut path = prefix.to_vec();
        let mut colons = 2;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) if colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    let is_tree = colons == 2 && group.delimiter() == Delimiter::Brace;
                    let prefix = if is_tree { std::mem::take(&mut path) } else { Vec::new() };
                    self.note_tokens(&mut path);
                    self.read_tokens(&prefix, group.stream());
                    colons = 2;
                }
                other => {
                    self.note_tokens(&mut path);
                    colons = 2;
                    if let TokenTree::Ident(ident) = other {
                        path.push(ident.to_string());
                        colons = 0;
                    }
                }
            }
        }
        self.note_tokens(&mut path);
    }
}

fn is_only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_only_for_tests(attributes) {
            visit::visit_item(self, item);
        } else if let Item::Mod(item) = item {
            let name = item.ident.to_string();
            self.imports.test_modules.insert([&self.module[..], &[name]].concat());
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        self.imports.modules.insert(self.module.clone(), self.file());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.read_use(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.note(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invoked: &'ast Macro) {
        self.read_tokens(&[], invoked.tokens.clone());
        visit::visit_macro(self, invoked);
    }

    // `pub(super)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}
