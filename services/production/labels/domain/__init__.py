"""Rules of labels: their content and layout, drawn as SVG or ZPL.

A label is laid out once and stores what it says: a reprint says the same. Browsers print its SVG, label printers get
ZPL. Plain letters go in font 0, which every printer has; Hangul goes in the font that was stored on the printer, where
one is named, else as a picture drawn with a font of this computer; where there is neither the print fails and says so.
QR codes are pictures, too, so that what is scanned is what was tested.

A print is written down before it is sent, and sent once for its key. ``sent`` means that the printer took it. A crash
in between leaves ``sending``: a person looks and prints again, with a reason.
"""
