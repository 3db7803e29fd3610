from thucthi.publication.analysis.command import analyse

analyse(prog_name="thucthi analyse")
