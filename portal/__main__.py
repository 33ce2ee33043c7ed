from portal.commands import main

main()
