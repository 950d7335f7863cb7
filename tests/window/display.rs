//! The display as the person has it: windows by their titles, the keys of a real keyboard. For what is not part of a page and
//! so out of the driver's reach, such as the system's dialogs.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::driver::until;

/// Key symbols that no letter stands for.
const RETURN: u32 = 0xff0d;
const SHIFT: u32 = 0xffe1;

/// The display that the tests run on.
pub(crate) struct Display {
    pub(crate) connection: RustConnection,
    pub(crate) root: Window,
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
        tree.children.into_iter().find(|window| self.is_on_screen(*window) && self.title(*window) == title)
    }

    fn is_on_screen(&self, window: Window) -> bool {
        // It may be gone since it was listed.
        let asked = self.connection.get_window_attributes(window).ok().and_then(|cookie| cookie.reply().ok());
        asked.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    fn title(&self, window: Window) -> String {
        let (name, text) = (AtomEnum::WM_NAME, AtomEnum::ANY);
        let asked = self.connection.get_property(false, window, name, text, 0, 256).ok();
        let answer = asked.and_then(|cookie| cookie.reply().ok()).map(|property| property.value).unwrap_or_default();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Gives `window` the keyboard, as a window manager would.
    pub(crate) fn focus(&self, window: Window) {
        let asked = self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        asked.expect("the display answers").check().expect("a window that is on the screen takes the keyboard");
    }

    /// Presses the keys for `text`, and Return.
    pub(crate) fn type_line(&self, text: &str) {
        let keyboard = Keyboard::of(&self.connection);
        for symbol in text.chars().map(u32::from).chain([RETURN]) {
            let (key, shifted) = keyboard.find(symbol);
            let (shift, _) = keyboard.find(SHIFT);
            let held: &[u8] = if shifted { &[shift] } else { &[] };
            let keys = held.iter().chain([&key]);
            keys.clone().for_each(|key| self.fake(KEY_PRESS_EVENT, *key));
            keys.rev().for_each(|key| self.fake(KEY_RELEASE_EVENT, *key));
        }
        self.connection.flush().expect("the display answers");
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
