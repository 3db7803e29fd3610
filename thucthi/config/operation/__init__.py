"""What those who keep the system running ask of it: is it alive, is it ready, how busy is it, what did it do."""
