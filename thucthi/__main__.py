"""`python -m thucthi` is the command `thucthi`."""

from thucthi.config.cli import main

if __name__ == "__main__":
    main()
