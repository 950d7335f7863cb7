//! A file that is dragged from another program and dropped, by the protocol that programs on a display use for it (XDND 5).

use std::path::Path;
use std::time::Instant;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Window,
};
use x11rb::wrapper::ConnectionExt as _;

use crate::display::Display;
use crate::driver::PATIENCE;

x11rb::atom_manager! {
    /// The words of the protocol.
    Words: WordsCookie {
        XdndEnter, XdndPosition, XdndStatus, XdndLeave, XdndDrop, XdndFinished, XdndSelection, XdndActionCopy,
        uri_list: b"text/uri-list",
    }
}

/// Another program with a file in its hand.
pub(crate) struct Drag<'a> {
    display: &'a Display,
    words: Words,
    source: Window,
    target: Window,
    list: String,
}

impl<'a> Drag<'a> {
    /// Takes the file and comes to the window with it.
    pub(crate) fn onto(display: &'a Display, target: Window, file: &Path) -> Drag<'a> {
        let connection = &display.connection;
        let words = Words::new(connection).expect("the display answers").reply().expect("the display knows words");
        let source = display.unseen();
        let owned = connection.set_selection_owner(source, words.XdndSelection, x11rb::CURRENT_TIME);
        owned.expect("the display answers").check().expect("what is dragged is this program's");
        let drag = Drag { display, words, source, target, list: format!("file://{}\r\n", file.display()) };
        drag.say(words.XdndEnter, [5 << 24, words.uri_list, 0, 0]);
        drag
    }

    /// Moves over the middle of the window until it says that it would take the file.
    pub(crate) fn until_welcome(&self) {
        let asked = self.display.connection.get_geometry(self.target).expect("the display answers");
        let size = asked.reply().expect("the window is there");
        let (x, y) = (u32::from(size.width / 2), u32::from(size.height / 2));
        let mut welcome = false;
        while !welcome {
            self.say(self.words.XdndPosition, [0, (x << 16) | y, x11rb::CURRENT_TIME, self.words.XdndActionCopy]);
            welcome = self.answer(self.words.XdndStatus)[1] & 1 == 1;
        }
    }

    /// Moves away with the file still in hand.
    pub(crate) fn go_away(self) {
        self.say(self.words.XdndLeave, [0; 4]);
    }

    /// Lets go, and waits until the other has taken it.
    pub(crate) fn let_go(self) {
        self.say(self.words.XdndDrop, [0, x11rb::CURRENT_TIME, 0, 0]);
        self.answer(self.words.XdndFinished);
    }

    /// Sends a word to the window; the first number is always who speaks.
    fn say(&self, word: Atom, rest: [u32; 4]) {
        let data = [self.source, rest[0], rest[1], rest[2], rest[3]];
        let message = ClientMessageEvent::new(32, self.target, word, data);
        let sent = self.display.connection.send_event(false, self.target, EventMask::NO_EVENT, message);
        sent.expect("the display answers").check().expect("the window is there");
    }

    /// Waits for a word of the window, and gives what is dragged to whoever asks meanwhile.
    fn answer(&self, word: Atom) -> [u32; 5] {
        let began = Instant::now();
        loop {
            match self.display.connection.poll_for_event().expect("the display answers") {
                Some(Event::ClientMessage(message)) if message.type_ == word => return message.data.as_data32(),
                Some(Event::SelectionRequest(asked)) => self.give(&asked),
                Some(_) => {}
                None => std::thread::yield_now(),
            }
            assert!(began.elapsed() < PATIENCE, "the window never answers what is dragged onto it");
        }
    }

    fn give(&self, asked: &SelectionRequestEvent) {
        let connection = &self.display.connection;
        let known = asked.target == self.words.uri_list;
        if known {
            let list = self.list.as_bytes();
            let written =
                connection.change_property8(PropMode::REPLACE, asked.requestor, asked.property, asked.target, list);
            written.expect("the display answers").check().expect("who asked is there");
        }
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: asked.requestor,
            selection: asked.selection,
            target: asked.target,
            property: if known { asked.property } else { AtomEnum::NONE.into() },
        };
        let sent = connection.send_event(false, asked.requestor, EventMask::NO_EVENT, told);
        sent.expect("the display answers").check().expect("who asked is there");
    }
}
