//! The display as the person has it: windows by their titles, the keys of a real keyboard. For what is not part of a page and
//! so out of the driver's reach, such as the system's dialogs.

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
    Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::driver::until;

/// Key symbols that no letter stands for.
const RETURN: u32 = 0xff0d;
const SHIFT: u32 = 0xffe1;
const CONTROL: u32 = 0xffe3;

/// The display that the tests run on.
pub(crate) struct Display {
    pub(crate) connection: RustConnection,
    root: Window,
}

impl Display {
    pub(crate) fn open() -> Display {
        let (connection, screen) = x11rb::connect(None).expect("the test has a display of its own");
        let root = connection.setup().roots[screen].root;
        Display { connection, root }
    }

    /// The window with this title, once it is on the screen.
    pub(crate) fn window(&self, title: &str) -> Window {
        let mut found = None;
        until(&format!("a window \"{title}\" is on the screen"), || {
            found = self.visible(title);
            found.is_some()
        });
        found.expect("it was found")
    }

    /// The window with this title, if it is on the screen. Without a window manager all windows are children of the root.
    pub(crate) fn visible(&self, title: &str) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;
        tree.children
            .into_iter()
            .find(|window| self.is_on_screen(*window) && self.text(*window, AtomEnum::WM_NAME.into()) == title)
    }

    fn is_on_screen(&self, window: Window) -> bool {
        // It may be gone since it was listed.
        let asked = self.connection.get_window_attributes(window).ok().and_then(|cookie| cookie.reply().ok());
        asked.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    /// Gives `window` the keyboard, as a window manager would.
    pub(crate) fn focus(&self, window: Window) {
        let asked = self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        asked.expect("the display answers").check().expect("a window that is on the screen takes the keyboard");
    }

    /// Types a path into the system's dialog for files and presses Return. The dialog opens a field for it at the first
    /// slash, and keys that come before the field are lost; so it is looked at as a person does, by what is marked in it.
    pub(crate) fn choose_file(&self, path: &str) {
        self.press(&[], '/'.into());
        let marked = || {
            self.press(&[CONTROL], 'a'.into());
            self.marked()
        };
        until("there is a field for the path", || marked() == "/");
        path.chars().for_each(|letter| self.press(&[], letter.into()));
        until("the path stands in the field", || marked() == path);
        self.press(&[], RETURN);
    }

    /// Presses a key while others are held.
    fn press(&self, held: &[u32], symbol: u32) {
        let keyboard = Keyboard::of(&self.connection);
        let (key, shifted) = keyboard.find(symbol);
        let shift: &[u32] = if shifted { &[SHIFT] } else { &[] };
        let mut keys: Vec<u8> = held.iter().chain(shift).map(|symbol| keyboard.find(*symbol).0).collect();
        keys.push(key);
        keys.iter().for_each(|key| self.fake(KEY_PRESS_EVENT, *key));
        keys.iter().rev().for_each(|key| self.fake(KEY_RELEASE_EVENT, *key));
    }

    /// The text that is marked on the display; whoever holds it answers after the keys that came before.
    fn marked(&self) -> String {
        let text = self.atom("UTF8_STRING");
        let asker = self.unseen();
        let primary = AtomEnum::PRIMARY.into();
        let asked = self.connection.convert_selection(asker, primary, text, text, x11rb::CURRENT_TIME);
        asked.expect("the display answers").check().expect("anybody may ask what is marked");
        loop {
            if let Event::SelectionNotify(told) = self.connection.wait_for_event().expect("the display answers")
                && told.requestor == asker
            {
                // Where nothing is marked, nothing is told either.
                let marked = self.text(asker, text);
                self.connection.destroy_window(asker).expect("the display answers");
                return marked;
            }
        }
    }

    /// A window of this program, to speak through.
    pub(crate) fn unseen(&self) -> Window {
        let window = self.connection.generate_id().expect("the display has room for a window");
        let (depth, class, looks) = (x11rb::COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        let made = self.connection.create_window(depth, window, self.root, 0, 0, 1, 1, 0, class, 0, &looks);
        made.expect("the display answers").check().expect("a window that is never shown");
        window
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.connection.intern_atom(false, name.as_bytes()).expect("the display answers");
        asked.reply().expect("the display knows words").atom
    }

    fn text(&self, window: Window, property: Atom) -> String {
        // The window may be gone since it was listed.
        let asked = self.connection.get_property(false, window, property, AtomEnum::ANY, 0, 1_024).ok();
        let answer = asked.and_then(|cookie| cookie.reply().ok()).map(|property| property.value).unwrap_or_default();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn fake(&self, what: u8, key: u8) {
        let asked = self.connection.xtest_fake_input(what, key, x11rb::CURRENT_TIME, self.root, 0, 0, 0);
        asked.expect("the display answers").check().expect("the display lets tests press keys");
    }
}

/// Which key stands for what.
struct Keyboard {
    symbols: Vec<u32>,
    columns: usize,
    first: u8,
}

impl Keyboard {
    fn of(connection: &RustConnection) -> Keyboard {
        let setup = connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let asked = connection.get_keyboard_mapping(first, last - first + 1).expect("the display answers");
        let mapping = asked.reply().expect("the display has a keyboard");
        Keyboard { symbols: mapping.keysyms, columns: mapping.keysyms_per_keycode.into(), first }
    }

    /// The key, and whether Shift is held with it.
    fn find(&self, symbol: u32) -> (u8, bool) {
        let mut keys = (self.first..).zip(self.symbols.chunks(self.columns));
        let found = keys.find_map(|(key, meanings)| {
            let column = meanings.iter().take(2).position(|meaning| *meaning == symbol)?;
            Some((key, column == 1))
        });
        found.unwrap_or_else(|| panic!("the keyboard has no key for {symbol:#x}"))
    }
}
